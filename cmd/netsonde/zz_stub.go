package main

func (c *console) openFor(f netFlags, pasted string) (*network, error) { return c.open(f) }
