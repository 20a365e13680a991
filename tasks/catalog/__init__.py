"""The catalog exchange: goods, groups, properties, offers and prices of an accounting base."""
