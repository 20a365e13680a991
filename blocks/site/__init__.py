"""The client's side of the CommerceML exchange: how 1C talks to a site, hardened."""
