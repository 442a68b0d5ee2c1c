"""What is drawn, and how large it is: labels, chips, boxes and their looks, before anything has a place."""
