//! The review page and its HTTP interface.

mod assets;
mod corpus;
mod document;
mod error;
mod export;
mod find;
mod guard;
mod routes;
mod utf16;
mod view;

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs, UdpSocket};
use std::sync::Arc;

use tokio::runtime::Builder;

pub use corpus::folder;
pub use document::{ReviewCorpus, ServedDocument, single};

use document::Served;
use guard::Guard;

/// The bytes of the token in the address: as many as cannot be guessed.
const TOKEN_BYTES: usize = 16;

/// A server that listens and does not answer yet.
///
/// Anybody who can connect to it and knows its address can read the documents and decide.
pub struct ReviewServer {
    listener: TcpListener,
    address: SocketAddr,
    host: String,
    token: String,
    served: Arc<Served>,
}

impl ReviewServer {
    /// Listens on a host (an IP address or a name of this machine) and a port; 0 takes a free one.
    ///
    /// # Errors
    /// An error of the system if the host is unknown, the port is taken, or there is no randomness.
    pub fn bind(host: &str, port: u16, corpus: Box<dyn ReviewCorpus>) -> io::Result<Self> {
        let addresses: Vec<SocketAddr> = (host, port).to_socket_addrs()?.collect();
        let listener = TcpListener::bind(addresses.as_slice())?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let mut random = [0; TOKEN_BYTES];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let token = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let served = Arc::new(Served::new(corpus));
        Ok(Self { listener, address, host: host.to_owned(), token, served })
    }

    /// Returns the address of the page, with the token.
    #[must_use]
    pub fn url(&self) -> String {
        let ip = self.address.ip();
        let host = match self.host.parse::<IpAddr>() {
            // All addresses of the machine; this one is always among them.
            _ if ip.is_unspecified() => "127.0.0.1".to_owned(),
            Ok(IpAddr::V6(ip)) => format!("[{ip}]"),
            _ => self.host.clone(),
        };
        format!("http://{host}:{}/{}/", self.address.port(), self.token)
    }

    /// Returns the address of the page for other machines, if the server listens on all addresses of
    /// this one and the system can tell which of them others see.
    #[must_use]
    pub fn public_url(&self) -> Option<String> {
        let ip = self.address.ip();
        if !ip.is_unspecified() {
            return None;
        }
        // A socket for datagrams sends nothing until it is asked to; addresses for documentation
        // take the route that others do.
        let (own, other) = match ip {
            IpAddr::V4(_) => ("0.0.0.0:0", "192.0.2.1:9"),
            IpAddr::V6(_) => ("[::]:0", "[2001:db8::1]:9"),
        };
        let socket = UdpSocket::bind(own).ok()?;
        socket.connect(other).ok()?;
        let address = SocketAddr::new(socket.local_addr().ok()?.ip(), self.address.port());
        Some(format!("http://{address}/{}/", self.token))
    }

    /// Reports whether other machines can connect.
    #[must_use]
    pub fn is_public(&self) -> bool {
        !self.address.ip().is_loopback()
    }

    /// Answers until the program ends.
    ///
    /// # Errors
    /// An error of the system if threads or sockets cannot be had.
    pub fn run(self) -> io::Result<()> {
        let is_name = self.host.parse::<IpAddr>().is_err();
        let host = is_name.then(|| self.host.as_str().into());
        let own = Guard { host, port: self.address.port() };
        let router = routes::router(self.served, &self.token, own);
        let runtime =
            Builder::new_multi_thread().worker_threads(2).enable_io().enable_time().build()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            axum::serve(listener, router).await
        })
    }
}

/// Opens an address in the browser of the system.
///
/// # Errors
/// An error of the system if there is no browser.
pub fn open_browser(url: &str) -> io::Result<()> {
    open::that_detached(url)
}
