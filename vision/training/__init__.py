"""Training and judging of the networks: data, blur, losses, loops, figures."""
