"""What things cost, measured on this machine; each program prints one JSON object."""
