// Package taxonomy knows roles, needs, settings and requirements, and what satisfies what.
package taxonomy
