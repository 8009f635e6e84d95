"""What every part of the house stands on: reasons, money, time, text, fields and transitions."""
