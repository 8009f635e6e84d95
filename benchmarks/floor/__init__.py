"""The floor: the least that a signed-in page of this framework costs on this machine."""
