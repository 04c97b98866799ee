"""Ways in: how Ombud reaches the systems that data lies in."""
