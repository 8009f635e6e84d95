"""What runs by itself and what must happen once: alarms, slots, jobs, the worker, once-keys and tokens."""
