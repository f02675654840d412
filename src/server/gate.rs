//! The gate every request passes: the name it is addressed to, the key it carries and what that key may, the time it takes.
//! Which areas a route needs is said where the routes stand, for whole groups, so that none can be forgotten.

use crate::server::App;
use crate::server::keys::{Area, Key};
use crate::server::refusal::Refusal;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::time::Duration;

const REQUEST_TIME: Duration = Duration::from_secs(60);

/// Only a valid key with one of these areas (or full access) comes through; the route finds it in the request.
pub async fn key(State((app, areas)): State<(App, &'static [Area])>, mut request: Request, next: Next) -> Response {
    match presented(&app, request.headers()).await {
        Ok(Some(key)) if key.may(areas) => {
            request.extensions_mut().insert(key);
            next.run(request).await
        }
        Ok(Some(_)) => Refusal::forbidden("this key has no access here").into_response(),
        Ok(None) => Refusal::unauthorized().into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// The key of a request, `None` when it carries none. A key that is not valid is an error.
pub async fn presented(app: &App, headers: &HeaderMap) -> Result<Option<Key>, Refusal> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let (scheme, token) = value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or_else(Refusal::unauthorized)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::unauthorized());
    }
    let token = token.trim().to_owned();
    let key = app.db.read(move |reader| reader.key(&token).map_err(Refusal::from)).await?;
    key.map(Some).ok_or_else(Refusal::unauthorized)
}

/// Refuses requests addressed to a name that is not ours: a page in a browser must not reach us by a name of its own.
pub async fn host(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(hosts) = &app.hosts else { return next.run(request).await };
    let named = request.uri().authority().map(axum::http::uri::Authority::as_str).or_else(|| request.headers().get(header::HOST)?.to_str().ok());
    match named.map(|name| bare(name).to_ascii_lowercase()) {
        Some(name) if hosts.contains(&name) => next.run(request).await,
        Some(_) => Refusal::forbidden("this server does not go by that name").into_response(),
        None => Refusal::invalid("a Host header is needed").into_response(),
    }
}

/// The name without its port.
fn bare(host: &str) -> &str {
    match host.rfind(':') {
        Some(colon) if !host[colon..].contains(']') => &host[..colon],
        _ => host,
    }
}

/// An answer begins within a minute, or there is none.
pub async fn time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(REQUEST_TIME, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "ERROR_SERVER_ERROR", "the request took too long").into_response(),
    }
}

/// What became of a request whose route panicked.
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a route panicked");
    Refusal::server().into_response()
}

#[cfg(test)]
mod tests {
    use super::{bare, panicked};
    use axum::Router;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::routing::get;
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    async fn broken() {
        panic!("secret");
    }

    #[tokio::test]
    async fn a_panic_is_a_500_that_tells_nothing() {
        let router: Router = Router::new().route("/", get(broken)).layer(CatchPanicLayer::custom(panicked));
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status().as_u16(), 500);
        let body = axum::body::to_bytes(response.into_body(), 1 << 10).await.unwrap();
        assert!(body.starts_with(b"{\"error\"") && !String::from_utf8_lossy(&body).contains("secret"));
    }

    #[test]
    fn a_name_is_taken_without_its_port() {
        for (host, name) in [("localhost:80", "localhost"), ("localhost", "localhost"), ("[::1]:8080", "[::1]"), ("[::1]", "[::1]")] {
            assert_eq!(bare(host), name);
        }
    }
}
