"""Les services que le projet sait lancer lui-même : cache, file, web, et leur surveillance."""
