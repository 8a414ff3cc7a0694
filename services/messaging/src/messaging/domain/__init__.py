"""What is told to whom, and when sending is tried again; without I/O."""
