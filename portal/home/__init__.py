"""Pages over everything: what the public reads, and the homes that answer "what do I have to do now?"."""
