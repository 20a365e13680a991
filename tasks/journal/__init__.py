"""What every exchange leaves behind: messages, books, refusals, deliveries, manifests."""
