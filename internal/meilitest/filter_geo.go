package meilitest

import (
	"regexp"
	"strings"
)

var floatShape = regexp.MustCompile(`^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?`)

// geo reads one of the geographic filters; it is false when none stands here.
func (p *filterParser) geo() (node, bool, error) {
	name := p.word()
	switch name {
	case "_foreign":
		return nil, true, fail("feature_not_enabled", "Using a `_foreign` filter requires enabling the `foreignKeys` experimental feature.")
	case "_geoRadius", "_geoBoundingBox", "_geoPolygon":
	default:
		return nil, false, nil
	}
	p.at += len(name)
	n, ok := p.geoArguments(name)
	if !ok {
		return nil, true, p.fail("The `%s` filter does not have the form it must have: `_geoRadius(latitude, longitude, radius)`, "+
			"`_geoBoundingBox([latitude, longitude], [latitude, longitude])`, `_geoPolygon([latitude, longitude], …)`.", name)
	}
	return n, true, nil
}

func (p *filterParser) geoArguments(name string) (node, bool) {
	if !p.take("(") {
		return nil, false
	}
	if name == "_geoRadius" {
		args, ok := p.floats(")")
		if !ok || len(args) < 3 || len(args) > 4 {
			return nil, false
		}
		n := radiusNode{lat: args[0], lng: args[1], metres: args[2]}
		if len(args) == 4 {
			n.resolution = args[3]
		}
		return n, true
	}
	points, ok := p.points(name == "_geoPolygon")
	switch {
	case !ok:
		return nil, false
	case name == "_geoPolygon":
		return polygonNode{points}, len(points) >= 3
	}
	if len(points) != 2 {
		return nil, false
	}
	return boxNode{points[0][0], points[0][1], points[1][0], points[1][1]}, true
}

// floats reads numbers with commas between them up to a closing mark.
func (p *filterParser) floats(end string) ([]string, bool) {
	var args []string
	for {
		p.space()
		f := floatShape.FindString(p.rest())
		if f == "" {
			return nil, false
		}
		args = append(args, f)
		p.at += len(f)
		p.space()
		if p.take(end) {
			return args, true
		}
		if !p.take(",") {
			return nil, false
		}
	}
}

// points reads pairs in brackets up to the closing parenthesis.
func (p *filterParser) points(trailingComma bool) ([][2]string, bool) {
	var points [][2]string
	for {
		p.space()
		if !p.take("[") {
			return nil, false
		}
		pair, ok := p.floats("]")
		if !ok || len(pair) != 2 {
			return nil, false
		}
		points = append(points, [2]string{pair[0], pair[1]})
		p.space()
		comma := p.take(",")
		before := p.at
		p.space()
		if strings.HasPrefix(p.rest(), ")") && (!comma || trailingComma) {
			return points, p.take(")")
		}
		if !comma {
			return nil, false
		}
		p.at = before
	}
}
