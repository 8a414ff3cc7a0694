"""Every statement on the tables of catalog. Takes the transaction, never commits."""
