"""One QObject a thread: bus, camera, enhancer, recorder; and the mailbox between them."""
