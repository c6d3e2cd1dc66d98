//! Properties of HTML elements by their names.

/// Returns the elements that the start of an element closes, and those that the search for them
/// does not leave.
pub(super) fn implied_ends(
    name: &str,
) -> Option<(&'static [&'static str], &'static [&'static str])> {
    Some(match name {
        "li" => (&["li"], &["ul", "ol", "menu"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl"]),
        "tr" => (&["tr", "td", "th", "caption"], &["table"]),
        "td" | "th" => (&["td", "th"], &["table", "tr"]),
        "tbody" | "thead" | "tfoot" => {
            (&["tbody", "thead", "tfoot", "tr", "td", "th", "caption"], &["table"])
        }
        "option" => (&["option"], &["select"]),
        "body" => (&["head", "title"], &["body"]),
        _ if is_block(name) => (&["p"], &["td", "th", "caption", "button", "li", "div"]),
        _ => return None,
    })
}

/// Reports whether an element has no content and no end tag.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Reports whether the content of an element is not read as text of the page.
pub(super) fn is_never_seen(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "title"
            | "noscript"
            | "noframes"
            | "noembed"
            | "iframe"
            | "textarea"
            | "select"
            | "datalist"
            | "object"
            | "canvas"
            | "audio"
            | "video"
            | "svg"
            | "annotation"
            | "annotation-xml"
            | "rp"
            | "rt"
            | "math"
    )
}

/// Reports whether an element starts and ends a block.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "option"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}
