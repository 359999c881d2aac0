// Package pay reads what an advert says about pay, hours, contract and dates.
package pay
