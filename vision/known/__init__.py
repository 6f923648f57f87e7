"""What a live tower knows of a blurred picture - memory moved onto it, blur undone by it - and drawing with it."""
