"""The local stack: real servers and every process of Halles on one machine, without a container engine."""
