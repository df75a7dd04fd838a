"""cartographie: who can help, anywhere in Isère."""
