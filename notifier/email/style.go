package email

import "strings"

// styles holds the CSS of each class. Mail programs drop style sheets, so every
// class attribute of the templates gets its rules beside it when the templates
// are read; what a style sheet alone can say (dark mode) stands in the template
// and degrades to these. Colours hold a contrast of at least 4.5 to 1.
var styles = [][2]string{
	{"page", "margin:0;padding:0;background-color:#f3f4f6;color:#1f2933"},
	{"sheet", "max-width:600px;margin:0 auto;padding:16px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5"},
	{"preheader", "display:none;max-height:0;overflow:hidden;opacity:0"},
	{"intro", "margin:8px 0 16px"},
	{"card", "background-color:#ffffff;border:1px solid #d9dee4;border-radius:8px;padding:16px;margin:0 0 16px"},
	{"title", "margin:6px 0 4px;font-size:19px;line-height:1.3"},
	{"link", "color:#1a4f8b"},
	{"label", "display:inline-block;margin:0 4px 4px 0;padding:1px 8px;border-radius:10px;font-size:13px;background-color:#e4e7eb;color:#323f4b"},
	{"label-strong", "display:inline-block;margin:0 4px 4px 0;padding:1px 8px;border-radius:10px;font-size:13px;background-color:#d3f2df;color:#0b5130"},
	{"label-new", "display:inline-block;margin:0 4px 4px 0;padding:1px 8px;border-radius:10px;font-size:13px;background-color:#dbeafe;color:#173f73"},
	{"label-soon", "display:inline-block;margin:0 4px 4px 0;padding:1px 8px;border-radius:10px;font-size:13px;background-color:#fde8c8;color:#6b3a00"},
	{"fact", "margin:2px 0"},
	{"pay", "margin:8px 0 2px;font-weight:bold"},
	{"small", "margin:2px 0;font-size:14px;color:#4a5764"},
	{"caution", "margin:4px 0;font-size:14px;color:#8a3b00"},
	{"list", "margin:2px 0 6px;padding-left:20px;font-size:15px"},
	{"head", "margin:10px 0 0;font-size:15px;font-weight:bold"},
	{"button", "display:inline-block;padding:10px 18px;border-radius:6px;background-color:#1a4f8b;color:#ffffff;text-decoration:none;font-weight:bold"},
	{"footer", "margin:24px 0 8px;padding-top:12px;border-top:1px solid #d9dee4;font-size:14px;color:#4a5764"},
}

// inline puts each class's rules beside its class attribute.
func inline(template string) string {
	for _, s := range styles {
		class := `class="` + s[0] + `"`
		template = strings.ReplaceAll(template, class, class+` style="`+s[1]+`"`)
	}
	return template
}
