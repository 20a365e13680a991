"""What an operator does by hand: drive again, trace, waive, salvage, admit, watch."""
