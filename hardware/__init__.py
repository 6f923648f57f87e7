"""The tower's modules and their control, without a screen: protocol, bus, control unit, simulator."""
