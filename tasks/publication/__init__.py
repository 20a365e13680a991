"""The road out: select, form, send, acknowledge, verify. Design, section 6."""
