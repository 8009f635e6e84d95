"""Cases: accidents and complaints from the first call to four signatures (CS-W1, CC-W1)."""
