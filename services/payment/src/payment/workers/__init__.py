"""Background work: each worker takes what is due, asks the provider outside any transaction, and writes what it learnt."""
