analyze projection, delta, carried_offer
