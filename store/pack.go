package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
)

// maxBlob bounds what one blob may unpack to: 64 MiB, several times the largest
// page that is ever fetched.
const maxBlob = 64 << 20

// packed begins a blob: after it comes a block of S2. A page and its advert, 15 KB,
// take it 28 µs and 5.5 KB, where zstd's quickest level took 92 µs and 4.1 KB.
const packed = 's'

// packer compresses blobs, and takes apart those of databases from before S2, which
// are zstd's (RFC 8878: they begin with 0x28).
type packer struct {
	scratch sync.Pool // of *[]byte
	zstd    *zstd.Decoder
}

func newPacker() (*packer, error) {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxBlob))
	if err != nil {
		return nil, err
	}
	return &packer{scratch: sync.Pool{New: func() any { return new([]byte) }}, zstd: d}, nil
}

func (p *packer) end() { p.zstd.Close() }

// errBlob means that bytes are no blob of ours.
var errBlob = errors.New("not a packed blob")

// pack compresses bytes; nil stays nil.
func (p *packer) pack(b []byte) []byte {
	if b == nil {
		return nil
	}
	scratch, _ := p.scratch.Get().(*[]byte)
	defer p.scratch.Put(scratch)
	block := s2.Encode(*scratch, b)
	*scratch = block[:cap(block)]
	out := make([]byte, 1, 1+len(block))
	out[0] = packed
	return append(out, block...)
}

func (p *packer) unpack(b []byte) ([]byte, error) {
	if len(b) == 0 {
		return nil, nil
	}
	if b[0] != packed {
		return p.zstd.DecodeAll(b, nil)
	}
	n, err := s2.DecodedLen(b[1:])
	if err != nil {
		return nil, err
	}
	if n > maxBlob {
		return nil, fmt.Errorf("%w: it says that it holds %d bytes", errBlob, n)
	}
	return s2.Decode(nil, b[1:])
}

// packJSON compresses the JSON form of v.
func (p *packer) packJSON(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return p.pack(b), nil
}

func (p *packer) unpackJSON(b []byte, v any) error {
	raw, err := p.unpack(b)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}
