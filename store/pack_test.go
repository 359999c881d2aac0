package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

func testPacker(t testing.TB) *packer {
	t.Helper()
	p, err := newPacker()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.end)
	return p
}

func TestPack(t *testing.T) {
	p := testPacker(t)
	old, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "a", "Teaching assistant", strings.Repeat("We are looking for a calm assistant. ", 4_000), "\x00\xff(\xb5/\xfd"} {
		packed := p.pack([]byte(text))
		p.pack([]byte("what takes the scratch space next"))
		for _, blob := range [][]byte{packed, old.EncodeAll([]byte(text), nil)} {
			got, err := p.unpack(blob)
			if err != nil || string(got) != text {
				t.Errorf("%.20q: unpacked %.20q, %v", text, got, err)
			}
		}
		if len(text) > 1000 && len(packed)*4 > len(text) {
			t.Errorf("%d bytes take %d", len(text), len(packed))
		}
	}
	if p.pack(nil) != nil {
		t.Error("nothing is something")
	}
	if got, err := p.unpack(nil); got != nil || err != nil {
		t.Errorf("nothing is unpacked to %q, %v", got, err)
	}
}

func TestUnpackBounds(t *testing.T) {
	p := testPacker(t)
	if _, err := p.unpack(binary.AppendUvarint([]byte{packed}, maxBlob+1)); !errors.Is(err, errBlob) {
		t.Errorf("a blob of more than anything is: %v", err)
	}
	whole := p.pack(bytes.Repeat([]byte("assistant "), 100))
	for n := 1; n < len(whole); n++ {
		if _, err := p.unpack(whole[:n]); err == nil {
			t.Errorf("the first %d bytes of %d are a blob", n, len(whole))
		}
	}
}

func FuzzUnpack(f *testing.F) {
	p := testPacker(f)
	f.Add(p.pack([]byte("Teaching assistant")))
	f.Add([]byte("(\xb5/\xfd\x04\x00\x01\x00\x00a"))
	f.Fuzz(func(t *testing.T, blob []byte) {
		got, err := p.unpack(blob)
		if err != nil || len(blob) == 0 {
			return
		}
		again, err := p.unpack(p.pack(got))
		if err != nil || !bytes.Equal(again, got) {
			t.Errorf("%q is %q after a turn, %v", got, again, err)
		}
	})
}
