// Links name index.html so that a site opened from disk works; on a server the name is not needed.
if (location.protocol !== "file:") {
  for (const link of document.querySelectorAll('a[href*="index.html"]')) {
    const url = new URL(link.href);
    if (url.origin === location.origin && url.pathname.endsWith("/index.html")) {
      link.href = url.pathname.slice(0, -"index.html".length) + url.search + url.hash;
    }
  }
}
