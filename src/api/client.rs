//! The two HTTP clients: one for questions, whose connections are kept, and one for sends, whose every request opens its own,
//! so that a dead connection shows before a byte could leave. Neither follows redirects, retries, or carries the key off its origin.

use super::origin::{Origin, is_this_machine};
use super::problem::Problem;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Client, ClientBuilder, Url, redirect, retry};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Once;
use std::time::Duration;

const CONNECT: Duration = Duration::from_secs(10);
const READ: Duration = Duration::from_secs(30);
const WRITE: Duration = Duration::from_secs(60);
/// Longer keys are a file that is none.
const KEY_LONGEST: usize = 8 * 1024;

/// The client for questions.
pub(super) fn reader(origin: &Origin, key: &SecretString, scale: f64) -> Result<Client, Problem> {
    build(common(origin, key, scale)?.timeout(READ.mul_f64(scale)))
}

/// The client for sends: HTTP/1.1 and a fresh connection each.
pub(super) fn writer(origin: &Origin, key: &SecretString, scale: f64) -> Result<Client, Problem> {
    build(common(origin, key, scale)?.timeout(WRITE.mul_f64(scale)).pool_max_idle_per_host(0).http1_only())
}

/// A client for a file that is kept at another host: it knows no key.
pub(super) fn stranger(url: &Url, scale: f64) -> Result<Client, Problem> {
    install_tls();
    let builder = careful(scale).https_only(url.scheme() == "https");
    build(if is_this_machine(url) { builder.no_proxy().tls_certs_only([]) } else { builder })
}

/// A factor that time-outs can be multiplied with.
pub(super) fn sane(scale: f64) -> f64 {
    if scale.is_finite() && scale > 0.0 { scale.clamp(0.001, 1_000.0) } else { 1.0 }
}

fn common(origin: &Origin, key: &SecretString, scale: f64) -> Result<ClientBuilder, Problem> {
    install_tls();
    let headers = HeaderMap::from_iter([(AUTHORIZATION, bearer(key)?), (ACCEPT, HeaderValue::from_static("application/json"))]);
    let builder = careful(scale).default_headers(headers).https_only(origin.is_https());
    let builder = if origin.is_loopback() { builder.no_proxy() } else { builder };
    // Without TLS no certificates are needed, and loading them fails where there are none.
    Ok(if origin.is_https() { builder } else { builder.tls_certs_only([]) })
}

/// Follows nothing, repeats nothing.
fn careful(scale: f64) -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("caseload/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(retry::never())
        .connect_timeout(CONNECT.mul_f64(scale))
}

fn build(builder: ClientBuilder) -> Result<Client, Problem> {
    builder.build().map_err(|_| Problem::config("no TLS client can be made on this machine; hint: install its CA certificates (package ca-certificates)"))
}

/// TLS by ring, chosen once for the process; who chose before us has chosen.
fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

fn bearer(key: &SecretString) -> Result<HeaderValue, Problem> {
    let key = key.expose_secret();
    if key.is_empty() {
        return Err(Problem::config("there is no API key; hint: configure one"));
    }
    if key.len() > KEY_LONGEST || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Problem::config("the API key holds a space, a line break or another character that no key has; hint: copy it again"));
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| Problem::config("the API key cannot be sent; hint: copy it again"))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::{bearer, sane};

    #[test]
    fn a_key_is_sensitive_and_a_bad_one_is_not_repeated() {
        let value = bearer(&"ab:c.d_e-f".into()).unwrap();
        assert!(value.is_sensitive());
        assert!(!format!("{value:?}").contains("ab:c"));
        for key in ["", "canary key", "canary\n", "canary\u{e9}", "canary\u{7f}", &"canary".repeat(10_000)] {
            let problem = bearer(&key.to_owned().into()).unwrap_err();
            assert!(!format!("{problem:?} {problem}").contains("canary"));
        }
    }

    #[test]
    fn a_scale_is_always_usable() {
        for scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!((sane(scale) - 1.0).abs() < f64::EPSILON);
        }
        assert!((sane(0.01) - 0.01).abs() < f64::EPSILON);
    }
}
