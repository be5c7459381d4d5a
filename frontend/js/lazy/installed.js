// The portal can be installed as an app, which tells when there is no connection.
navigator.serviceWorker?.register(`/portal/service-worker.js?language=${document.documentElement.lang}`).catch(() => {});
