"""Rules, surprisal findings and the engine that runs them: what is wrong, where, how sure, and the fix."""
