"""The desk: staff write down what citizens tell them on the phone, at the counter, at the door."""
