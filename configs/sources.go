package configs

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
)

// builtIn begins a name in source_files that stands for a file of this package's
// sources folder.
const builtIn = "built-in:"

// SourceSite is one of the sites that a definition is for. Employer, URN, Location and
// Postcode are what the site's pages need not say: every posting has them.
type SourceSite struct {
	// ID is joined to the definition's, with a dash between.
	ID  string `yaml:"id"`
	URL string `yaml:"url"`
	// Path is where this site keeps its list, when not where the definition says.
	Path     string `yaml:"path"`
	Employer string `yaml:"employer"`
	URN      string `yaml:"urn"`
	Location string `yaml:"location"`
	Postcode string `yaml:"postcode"`
	Notice   string `yaml:"notice"`
	Disabled bool   `yaml:"disabled"`
}

// sourceFile is what a file of sources holds.
type sourceFile struct {
	Sources []Source `yaml:"sources"`
}

// readSourceFiles adds the sources of the files that source_files names: patterns
// relative to the configuration's folder, and files that are built in.
func (c *Config) readSourceFiles(folder string) error {
	var errs []error
	for _, name := range c.SourceFiles {
		if file, ok := strings.CutPrefix(name, builtIn); ok {
			b, err := fs.ReadFile(FS, "sources/"+file+".yaml")
			if err != nil {
				errs = append(errs, fmt.Errorf("source_files: %q is none of %s", name, strings.Join(BuiltInSources(), ", ")))
				continue
			}
			errs = append(errs, c.addSources(name, b))
			continue
		}
		if !filepath.IsAbs(name) {
			name = filepath.Join(folder, name)
		}
		paths, err := filepath.Glob(name)
		if err == nil && len(paths) == 0 {
			err = os.ErrNotExist
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("source_files: %s: %w", name, err))
			continue
		}
		for _, path := range paths { // sorted
			b, err := readFile(path)
			if err != nil {
				errs = append(errs, fmt.Errorf("source_files: %w", err))
				continue
			}
			errs = append(errs, c.addSources(path, b))
		}
	}
	return errors.Join(errs...)
}

func (c *Config) addSources(name string, b []byte) error {
	var f sourceFile
	err := read(reflect.ValueOf(&f).Elem(), name, b)
	c.Sources = append(c.Sources, f.Sources...)
	return err
}

// BuiltInSources are the names in source_files that stand for files of this
// package.
func BuiltInSources() []string {
	paths, err := fs.Glob(FS, "sources/*.yaml")
	if err != nil {
		return nil // the pattern is sound
	}
	for i, p := range paths {
		paths[i] = builtIn + strings.TrimSuffix(filepath.Base(p), ".yaml")
	}
	return paths
}

// expandSites puts in the place of every definition for several sites one source
// for each of them.
func (c *Config) expandSites() error {
	var errs []error
	var out []Source
	for _, s := range c.Sources {
		if len(s.Sites) == 0 {
			out = append(out, s)
			continue
		}
		if s.URL != "" {
			errs = append(errs, fmt.Errorf("sources (%s): url: each of its sites has one; leave it out here", s.ID))
		}
		for i := range s.Sites {
			if s.Sites[i].ID == "" {
				errs = append(errs, fmt.Errorf("sources (%s): sites[%d]: an id is wanted", s.ID, i))
			}
			out = append(out, s.at(&s.Sites[i]))
		}
	}
	c.Sources = out
	return errors.Join(errs...)
}

// at is the definition for one site.
func (s *Source) at(site *SourceSite) Source {
	out := *s
	out.Sites = nil
	out.ID, out.URL = s.ID+"-"+site.ID, site.URL
	out.Disabled = s.Disabled || site.Disabled
	if site.Notice != "" {
		out.Notice = site.Notice
	}
	if site.Path != "" {
		for _, list := range []*string{&out.Discover.Listing, &out.Discover.Feed, &out.Discover.Sitemap} {
			if *list != "" {
				*list = site.Path
			}
		}
	}
	out.Fields = map[string]string{}
	for name, rule := range s.Fields {
		out.Fields[name] = rule
	}
	for name, value := range map[string]string{"employer": site.Employer, "urn": site.URN, "location": site.Location, "postcode": site.Postcode} {
		if value != "" {
			out.Fields[name] = "'" + value + "'"
		}
	}
	return out
}

// readAddresses gives the sources whose feed's address is a secret what their files
// hold. No error shows it.
func (c *Config) readAddresses() error {
	var errs []error
	for i := range c.Sources {
		s := &c.Sources[i]
		if s.URLFile == "" || s.Disabled {
			continue
		}
		if err := s.readAddress(); err != nil {
			errs = append(errs, fmt.Errorf("sources (%s): url_file: %w", s.ID, err))
		}
	}
	return errors.Join(errs...)
}

func (s *Source) readAddress() error {
	if s.URL != "" || s.Discover.Feed != "" {
		return errors.New("it holds url and discover.feed in one; leave those out")
	}
	address, err := Secret(s.URLFile)
	if err != nil {
		return err
	}
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil || !httpURL(u.String()):
		return fmt.Errorf("%s holds no http or https address", s.URLFile)
	case u.User != nil:
		return fmt.Errorf("the address in %s has a user's name before the host, which is not supported", s.URLFile)
	}
	s.URL, s.Discover.Feed = u.Scheme+"://"+u.Host, u.RequestURI()
	return nil
}
