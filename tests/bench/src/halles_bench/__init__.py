"""The benchmark: what each request costs in processor time, over all processes and at every scale."""
