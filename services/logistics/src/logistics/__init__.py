"""Shipments, parcels, tracking."""
