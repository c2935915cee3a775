// On the page of a former address: lead on to the new one, and to the same place on it, which the page's own
// redirection would forget.
location.replace(document.getElementById("moved-to").href + location.hash);
