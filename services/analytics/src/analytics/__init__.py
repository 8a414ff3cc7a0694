"""Projections for sales figures and traces."""
