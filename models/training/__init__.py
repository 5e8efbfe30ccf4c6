"""How the bundled network is trained: corpus, mistakes, augmentation, the loop. Needs torch."""
