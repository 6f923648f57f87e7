"""The picture path, without a screen: sources, nets, the enhanced view, training."""
