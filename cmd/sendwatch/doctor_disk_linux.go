package main

import "syscall"

// disk is what there is to know of the disk below a folder.
type disk struct {
	free uint64
	// network says that the disk is another machine's.
	network bool
}

// The kinds of network file systems, as statfs(2) names them.
const (
	nfsMagic  = 0x6969
	smbMagic  = 0x517B
	cifsMagic = 0xFF534D42
	smb2Magic = 0xFE534D42
)

func diskOf(dir string) (disk, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return disk{}, err
	}
	d := disk{free: st.Bavail * uint64(st.Bsize)}
	switch uint32(st.Type) {
	case nfsMagic, smbMagic, cifsMagic, smb2Magic:
		d.network = true
	}
	return d, nil
}
