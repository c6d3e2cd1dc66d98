//! Which requests are answered at all, and the headers of every answer.
//!
//! The server listens on this machine, but web pages that are open in the browser can send requests to
//! it. Three checks keep them out: the address has a random token, the `Host` must be an IP address or
//! `localhost` (a page that points its own domain name at this machine sends that name), and `Origin`
//! and `Sec-Fetch-Site` must be those of the page itself.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::ApiError;

/// What the page may load: its own files, and no inline script or style.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'; object-src 'none'";

const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

/// The names under which the server may be addressed.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    /// A host name that the user chose to listen on, other than an address.
    pub(super) host: Option<Arc<str>>,
    pub(super) port: u16,
}

impl Guard {
    /// Returns why a request is refused, if it is.
    fn refusal(&self, headers: &HeaderMap) -> Option<&'static str> {
        let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let Some(host) = text(header::HOST).filter(|host| self.is_own(host)) else {
            return Some("the Host of the request is not this server");
        };
        let origin = text(header::ORIGIN);
        if origin.is_some_and(|origin| origin.strip_prefix("http://") != Some(host)) {
            return Some("the request comes from another site");
        }
        // Browsers send this with every request; `none` is an address that the user entered.
        match text(HeaderName::from_static("sec-fetch-site")) {
            None | Some("same-origin" | "none") => None,
            Some(_) => Some("the request comes from another site"),
        }
    }

    fn is_own(&self, host: &str) -> bool {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.contains(']') => (name, port.parse().ok()),
            _ => (host, Some(80)),
        };
        let address =
            name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        let is_named = self.host.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name));
        port == Some(self.port)
            && (is_named
                || name.eq_ignore_ascii_case("localhost")
                || address.parse::<IpAddr>().is_ok())
    }
}

/// Refuses foreign requests, and adds the headers to every answer.
pub(super) async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let mut response = match guard.refusal(request.headers()) {
        None => next.run(request).await,
        Some(reason) => ApiError::new(StatusCode::FORBIDDEN, reason)
            .hint("open the address that nasaq review has printed")
            .into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(host: &str, more: &[(&'static str, &str)]) -> bool {
        let guard = Guard { host: Some("desk.local".into()), port: 4321 };
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().expect("a header"));
        for (name, value) in more {
            headers.insert(HeaderName::from_static(name), value.parse().expect("a header"));
        }
        guard.refusal(&headers).is_some()
    }

    #[test]
    fn only_addresses_and_names_of_this_server_are_hosts() {
        for host in
            ["127.0.0.1:4321", "localhost:4321", "[::1]:4321", "10.0.0.7:4321", "desk.local:4321"]
        {
            assert!(!refuses(host, &[]), "{host}");
        }
        for host in [
            "evil.example:4321",
            "127.0.0.1:4322",
            "127.0.0.1",
            "127.0.0.1.evil.example:4321",
            "",
            ":4321",
        ] {
            assert!(refuses(host, &[]), "{host}");
        }
        assert!(Guard { host: None, port: 1 }.refusal(&HeaderMap::new()).is_some());
    }

    #[test]
    fn requests_of_other_sites_are_refused() {
        let host = "127.0.0.1:4321";
        assert!(!refuses(host, &[("origin", "http://127.0.0.1:4321")]));
        assert!(!refuses(host, &[("sec-fetch-site", "none")]));
        for origin in
            ["null", "http://localhost:4321", "https://127.0.0.1:4321", "http://evil.example"]
        {
            assert!(refuses(host, &[("origin", origin)]), "{origin}");
        }
        for site in ["cross-site", "same-site"] {
            assert!(refuses(host, &[("sec-fetch-site", site)]), "{site}");
        }
    }
}
