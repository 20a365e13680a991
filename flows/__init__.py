"""What runs: one file per exchange, each flow reads as a paragraph."""
