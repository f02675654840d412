//! The one place the key may be sent to: scheme, host and port. Plain http only to this very machine.

use super::problem::Problem;
use super::wire::paths::PREFIX;
use reqwest::Url;
use std::net::IpAddr;

/// A checked origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    url: Url,
}

impl Origin {
    /// Reads what the user configured. A trailing slash and the API's own prefix are tolerated, anything else beside the origin is not.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let url = Url::parse(text.trim()).map_err(|_| wrong("is not an address"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(wrong("is not an address"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("holds a user name or password, which have no place there"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("holds a query"));
        }
        if !matches!(url.path().trim_end_matches('/'), "" | PREFIX) {
            return Err(wrong("holds a path"));
        }
        if url.port() == Some(0) {
            return Err(wrong("holds port 0"));
        }
        let origin = Self { url };
        if origin.url.scheme() == "http" && !origin.is_loopback() {
            return Err(wrong("is plain http, which would show the key to the network"));
        }
        Ok(origin)
    }

    /// Literally this machine: 127.0.0.0/8, `::1` or the name `localhost`.
    pub fn is_loopback(&self) -> bool {
        is_this_machine(&self.url)
    }

    /// Is that the same scheme, host and port?
    pub fn holds(&self, url: &Url) -> bool {
        self.url.origin() == url.origin()
    }

    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// A path of [`super::wire::paths`] at this origin.
    pub fn at(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(path);
        url
    }

    /// As it may be shown.
    pub fn shown(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

/// Is the host of an address literally this machine?
pub(super) fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The address itself is not repeated: a key pasted into the wrong place would be shown.
fn wrong(what: &str) -> Problem {
    Problem::config(format!(
        "the server's address {what}; hint: write it as https://account.example.com, or http://127.0.0.1:8080 for a server on this machine"
    ))
}

#[cfg(test)]
mod tests {
    use super::Origin;

    #[test]
    fn an_origin_is_https_or_this_very_machine() {
        for (text, shown) in [
            ("https://acme.example.com", "https://acme.example.com"),
            (" https://acme.example.com/ ", "https://acme.example.com"),
            ("https://acme.example.com/api/v1", "https://acme.example.com"),
            ("https://acme.example.com:8443/api/v1/", "https://acme.example.com:8443"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://127.9.9.9", "http://127.9.9.9"),
            ("http://[::1]:80/", "http://[::1]"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
        ] {
            let origin = Origin::parse(text);
            assert_eq!(origin.map(|origin| origin.shown()).as_deref(), Ok(shown), "{text}");
        }
        assert_eq!(Origin::parse("https://a.example").unwrap().at("/api/v1/x").as_str(), "https://a.example/api/v1/x");
    }

    #[test]
    fn anything_else_is_refused_with_a_hint_and_without_repeating_it() {
        for text in [
            "",
            "acme.example.com",
            "ftp://acme.example.com",
            "http://acme.example.com",
            "http://localhost.evil.example",
            "http://localhost./",
            "http://127.0.0.1.evil.example",
            "http://[::ffff:127.0.0.1]",
            "http://10.0.0.1",
            "https://secret:key@acme.example.com",
            "https://secret@acme.example.com",
            "https://acme.example.com/inbox",
            "https://acme.example.com?secret=1",
            "https://acme.example.com#secret",
            "https://acme.example.com:99999",
            "https://acme.example.com:0",
            "https://",
            "file:///etc/passwd",
            "secret-key-in-the-wrong-place",
        ] {
            let problem = Origin::parse(text).unwrap_err();
            assert!(problem.text.contains("hint:"), "{text}");
            assert!(!problem.text.contains("secret"), "{text}");
        }
    }
}
