"""Counters from which every figure is read: nobody scans ratings or cases to count them."""
