"""What runs inside the measured tree's own processes: settings over its settings, the base page, and the seed."""
