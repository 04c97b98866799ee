"""What does every page of every app share? How it is asked for, and how it is answered."""
