//go:build !linux

package main

import "errors"

// disk is what there is to know of the disk below a folder.
type disk struct {
	free    uint64
	network bool
}

func diskOf(string) (disk, error) { return disk{}, errors.New("only Linux is asked") }
